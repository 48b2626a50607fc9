package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.config.Explained;

/** The server refused or could not; the message is for people, with the request id by which an operator finds the reason in the log. */
final class ServerProblem extends RuntimeException implements Explained {
    ServerProblem(String message) {
        super(message);
    }

    /** A problem document in words. */
    static ServerProblem of(int status, JsonNode problem) {
        if (!problem.has("detail")) {
            return new ServerProblem("The server answered " + status + " and did not say why. Is it a Syncline?");
        }
        StringBuilder told = new StringBuilder(problem.path("detail").asText());
        problem.path("errors").forEach(error -> told.append("\n  ").append(error.path("pointer").asText()).append(": ").append(error.path("detail").asText()));
        problem.path("since").forEach(step -> told.append("\n  ").append(step.path("at").asText()).append("  ").append(step.path("what").asText())
                .append(step.path("by").isTextual() ? "  By " + step.path("by").asText() + "." : ""));
        return new ServerProblem(told.append("\n(").append(problem.path("code").asText()).append(", request ").append(problem.path("requestId").asText())
                .append(')').toString());
    }
}
