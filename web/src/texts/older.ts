export const older = {
  title: "None of the newest matches these filters",
  go: "Search older ones",
} as const;
