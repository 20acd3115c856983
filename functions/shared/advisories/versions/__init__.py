"""Version orders: one file per ecosystem, each with the source of its rule."""
