"""The edges: AWS clients, settings from the environment, queues, logs and traces."""
