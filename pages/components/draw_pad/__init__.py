"""The draw pad: mouse, touch or pen in, a drawing out."""
