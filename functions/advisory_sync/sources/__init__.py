"""Where advisories come from: an address, a bucket or a folder laid out as ECOSYSTEM/all.zip."""
