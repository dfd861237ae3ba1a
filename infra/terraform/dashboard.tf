# The dashboard's files, in the bucket that the stack makes for them. The page comes last: it names the others.

locals {
  has_dashboard = var.dashboard_files != null
  # A manifest of the build is for checks alone.
  built            = local.has_dashboard ? fileset(var.dashboard_files, "**") : toset([])
  dashboard_files  = toset([for file in local.built : file if !startswith(file, ".") && file != "index.html"])
  dashboard_bucket = local.has_dashboard ? aws_cloudformation_stack.moniqo.outputs["DashboardBucketName"] : null
  content_types = {
    css = "text/css; charset=utf-8"
    js  = "text/javascript; charset=utf-8"
    svg = "image/svg+xml"
  }
}

resource "aws_s3_object" "dashboard_file" {
  for_each = local.dashboard_files

  bucket       = local.dashboard_bucket
  key          = each.value
  source       = "${var.dashboard_files}/${each.value}"
  source_hash  = filesha256("${var.dashboard_files}/${each.value}")
  content_type = lookup(local.content_types, reverse(split(".", each.value))[0], "application/octet-stream")
  # Files below assets/ have the hash of what is in them in their names.
  cache_control = startswith(each.value, "assets/") ? "public, max-age=31536000, immutable" : "no-cache"
}

resource "aws_s3_object" "dashboard_page" {
  count = local.has_dashboard ? 1 : 0

  bucket        = local.dashboard_bucket
  key           = "index.html"
  source        = "${var.dashboard_files}/index.html"
  source_hash   = filesha256("${var.dashboard_files}/index.html")
  content_type  = "text/html; charset=utf-8"
  cache_control = "no-store"

  depends_on = [aws_s3_object.dashboard_file]
}
