"""Other engines, set up as their own documentation says: what ours is measured beside."""
