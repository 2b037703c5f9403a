"""The side panel: every part draws itself and gives back what the user asked for."""
