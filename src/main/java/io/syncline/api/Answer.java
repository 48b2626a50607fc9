package io.syncline.api;

import java.util.Map;

/** What a door answers. */
record Answer(int status, String mediaType, Map<String, String> headers, byte[] body) {

    static Answer ok(byte[] json) {
        return new Answer(200, "application/json", Map.of(), json);
    }

    Answer(Problem problem, String requestId) {
        this(problem.status().value(), Problem.MEDIA_TYPE, Map.of(), Problems.json(problem.document(requestId)));
    }
}
