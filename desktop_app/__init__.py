"""The Qt desktop application, standing on the engine."""
