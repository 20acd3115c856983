"""The rules of the tag policy, registered explicitly and in the order they are reported."""

from functions.tag_enforcer.rules import environment, expiry, owner

RULES = (owner.check, environment.check, expiry.check)
