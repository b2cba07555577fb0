"""The window: the only floor with widgets and plots, and no arithmetic of its own."""
