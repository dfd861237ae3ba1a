variable "deployment" {
  description = "Name of the stack, and prefix of every name in it; two deployments can live in one account."
  type        = string
  default     = "moniqo"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.deployment))
    error_message = "deployment must be 2 to 24 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "packaged_template" {
  description = "Path of the packaged template on this machine; README.md says what makes it."
  type        = string

  validation {
    condition     = can(keys(jsondecode(file(var.packaged_template)).Resources))
    error_message = "packaged_template must be a readable file with the packaged template in JSON, as the command in README.md writes it."
  }
}

variable "artifacts_bucket" {
  description = "Name of the S3 bucket, in this region, that holds the functions' code; the template is put beside it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifacts_bucket))
    error_message = "artifacts_bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens, without s3://."
  }
}

variable "architecture" {
  description = "What the functions' code was built for."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "egress" {
  description = "Door by which functions reach venues: shared (no fixed address, free), nat-instance (a fixed address, about 7 USD a month), nat-gateway (a fixed address, about 37 USD a month)."
  type        = string
  default     = "shared"

  validation {
    condition     = contains(["shared", "nat-instance", "nat-gateway"], var.egress)
    error_message = "egress must be shared, nat-instance or nat-gateway."
  }
}

variable "address_echo" {
  description = "A URL that answers with the address it is asked from, for moniqo doctor; empty for none."
  type        = string
  default     = "https://checkip.amazonaws.com"

  validation {
    condition     = var.address_echo == "" || startswith(var.address_echo, "https://")
    error_message = "address_echo must begin with https://, or be empty."
  }
}

variable "alert_emails" {
  description = "Who hears of alarms and of the budget. AWS asks each address once to confirm alarms."
  type        = list(string)

  validation {
    condition     = alltrue([for email in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alert_emails must be e-mail addresses, such as [\"me@example.com\"]."
  }

  validation {
    condition     = length(var.alert_emails) <= 10
    error_message = "alert_emails must be at most 10: a budget tells no more."
  }
}

variable "alarm_topic_arn" {
  description = "An SNS topic of your own that alarms notify; null makes one."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of a standard SNS topic, or null."
  }
}

variable "latency_alarm" {
  description = "Alarms watch how long answers take, and first orders: p95 of an hour with at least 200 of them."
  type        = bool
  default     = true
}

variable "encrypt_alarm_topic" {
  description = "Encrypts the alarm topic under a KMS key of its own (1 USD a month). An alarm holds names and numbers, no secret."
  type        = bool
  default     = false
}

variable "monthly_budget_usd" {
  description = "Cost of the whole account in a month of which 80 % and 100 % are told by e-mail; 0 makes no budget."
  type        = number
  default     = 10

  validation {
    condition     = var.monthly_budget_usd >= 0
    error_message = "monthly_budget_usd must be 0 for none, or the amount in USD."
  }

  validation {
    condition     = var.monthly_budget_usd == 0 || length(var.alert_emails) > 0
    error_message = "A budget needs someone to tell: name alert_emails, or set monthly_budget_usd to 0."
  }
}

variable "deletion_protection" {
  description = "Keeps tables from being deleted; false for throw-away deployments only."
  type        = bool
  default     = true
}

variable "iam_conditions" {
  description = "Adds conditions to roles (leading keys, encryption context). Always true on AWS; emulators do not know these condition keys."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "How long functions' logs are kept."
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90], var.log_retention_days)
    error_message = "log_retention_days must be 1, 3, 5, 7, 14, 30, 60 or 90."
  }
}

variable "log_level" {
  description = "RUST_LOG of every function."
  type        = string
  default     = "info"

  validation {
    condition     = length(var.log_level) > 0
    error_message = "log_level must be a filter such as info or info,aws=debug."
  }
}

variable "dashboard_files" {
  description = "Folder with the built dashboard, which is then served with the API under one address of CloudFront; README.md says what makes it. null for no dashboard."
  type        = string
  default     = null

  validation {
    condition     = var.dashboard_files == null || can(file("${var.dashboard_files}/index.html"))
    error_message = "dashboard_files must be a folder with index.html, as the command in README.md makes it, or null."
  }
}

variable "dashboard_secrets" {
  description = "What CloudFront proves itself by to the API: the first is sent, and all are believed; two while one takes the place of the other."
  type        = list(string)
  default     = []
  sensitive   = true

  validation {
    condition     = length(var.dashboard_secrets) <= 2 && alltrue([for secret in var.dashboard_secrets : can(regex("^[A-Za-z0-9_-]{32,128}$", secret))])
    error_message = "dashboard_secrets must be at most two texts of 32 to 128 letters, digits, underscores and hyphens, drawn at random."
  }

  validation {
    condition     = (var.dashboard_files == null) == (length(var.dashboard_secrets) == 0)
    error_message = "dashboard_secrets must name a secret where dashboard_files is set, and nothing where it is null."
  }
}

variable "parameters" {
  description = "Further parameters of the template, for what this module has no variable of its own."
  type        = map(string)
  default     = {}

  validation {
    condition = length(setintersection(keys(var.parameters), [
      "Deployment", "Architecture", "Egress", "AddressEcho", "AlarmTopicArn", "LatencyAlarm", "DeletionProtection", "IamConditions", "LogRetentionDays", "LogLevel",
      "Dashboard", "OriginSecret", "OriginSecretHashes", "OriginSecretSent",
    ])) == 0
    error_message = "parameters must not name what has a variable of its own: Deployment, Architecture, Egress, AddressEcho, AlarmTopicArn, LatencyAlarm, DeletionProtection, IamConditions, LogRetentionDays, LogLevel, Dashboard, OriginSecret, OriginSecretHashes, OriginSecretSent."
  }
}

variable "tags" {
  description = "Tags of the stack and of what stands around it."
  type        = map(string)
  default     = {}
}
