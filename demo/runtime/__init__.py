"""Running a function on this machine under the client that Lambda itself uses."""
