"""Pictures of answers: figures in, SVG out. No script, no font file, one style of their own."""
