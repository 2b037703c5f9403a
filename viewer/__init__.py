"""The window, and everything that needs OpenGL."""
