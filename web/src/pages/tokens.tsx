export function WebhookTokens() {
  return null;
}
