"""Everything that runs in Lambda; each folder is one function, `shared` is what they all speak."""
