"""Finding credentials in code and configuration: place and kind are kept, values never are."""
