"""X-Ray: segments in over the API and UDP; summaries, traces and service graph out."""
