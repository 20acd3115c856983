"""Container images: read from ECR layer by layer, through the same readers as archives."""
