"""One reader per kind of evidence; `registry` lists them all."""
