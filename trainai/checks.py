"""What this machine must have, each failure one sentence and its mend."""
