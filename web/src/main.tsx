import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { again, heeds } from "./api/busy";
import { api } from "./api/client";
import { start } from "./lib/theme";
import { router } from "./router";
import "./styles.css";

start();
api.use(heeds);

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 2_000, ...again } } });

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
