export const login = {
  title: "Log in",
  email: "E-mail address",
  password: "Password",
  code: "Code of your second factor",
  codeHint: "Six digits of your authenticator app, or a recovery code",
  go: "Log in",
  register: "Create an account",
  forgot: "Forgot your password?",
  ended: "Your session has ended. Log in again.",
  reset: "Your password has been changed. Log in with it.",
} as const;

export const register = {
  title: "Create an account",
  username: "User name",
  usernameHint: "3 to 50 letters, digits, - and _",
  passwordHint: "At least 12 characters",
  code: "Bootstrap code",
  codeHint: "Only the first user needs it: the one who deployed Moniqo has it.",
  go: "Create the account",
  have: "I have an account",
  closed: "Registration is closed in this deployment. An admin can create an account for you.",
} as const;

export const forgot = {
  title: "Forgot your password?",
  go: "Send me a link",
  sent: "If there is an account with this address, an e-mail with a link is on its way. It is valid for an hour.",
  resetTitle: "Choose a new password",
  token: "Code from the e-mail",
  newPassword: "New password",
  resetGo: "Change the password",
  back: "Back to log-in",
} as const;
