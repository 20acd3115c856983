"""What is inside a deployed artefact, read without extracting or trusting any of it."""
