output "api_url" {
  description = "Where the API answers."
  value       = module.moniqo.api_url
}

output "webhook_url_base" {
  description = "Add /<user id>/<token>."
  value       = module.moniqo.webhook_url_base
}
