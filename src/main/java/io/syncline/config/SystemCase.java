package io.syncline.config;

import java.time.Instant;
import java.util.Map;

/**
 * What a system's author expects to be asked and to be understood: an entry of {@code config/systems/<name>.cases.yaml}.
 *
 * @param request the request line, or null where it is not checked
 * @param body    the JSON body of the request, or null where it is not checked
 * @param answer  what the system answers, or null
 */
public record SystemCase(String file, int line, String name, String system, String resource, Ask ask, String request, String body, Answer answer,
                         Expected expected) {

    /**
     * What is read: one record, or a page of those that changed since a moment.
     *
     * @param since  null for everything
     * @param page   counted from 1, whatever the system counts from
     * @param cursor what the answer before named as next, or null
     * @param delta  the delta link that an earlier read ended with, or null
     * @param id     the key of one record, or null for a page
     */
    public record Ask(Instant since, int page, String cursor, String delta, String id) {
    }

    public record Answer(int status, Map<String, String> headers, String body) {
    }

    /**
     * @param records null where they are not checked; likewise {@code last}
     * @param failure the kind of failure, as its constant's name; null where the answer is understood
     */
    public record Expected(Integer records, Boolean last, String failure) {
    }
}
