variable "region" {
  description = "Where it runs. Binance refuses addresses in the US."
  type        = string
  default     = "eu-west-1"
}

variable "deployment" {
  description = "Name of the deployment."
  type        = string
  default     = "moniqo"
}

variable "packaged_template" {
  description = "Path of the packaged template."
  type        = string
}

variable "artifacts_bucket" {
  description = "Bucket that holds the functions' code."
  type        = string
}

variable "alert_emails" {
  description = "Who hears of alarms and of the budget."
  type        = list(string)
}
