"""All of Lambda Warden, with a target of one's own on its bus."""
