"""The forms in which alerts leave: for a phone, a mailbox, a chat, a machine."""
