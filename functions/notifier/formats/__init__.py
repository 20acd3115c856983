"""The forms in which messages leave: mail, chat, SMS, pager, event, each a pure function."""
