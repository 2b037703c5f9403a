"""The subcommands of `lichen` that need OpenGL or the gallery; each is imported only when used."""
