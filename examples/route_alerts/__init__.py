"""All of Lambda Warden, with alerts routed to a team."""
