package io.syncline.api;

import io.syncline.run.Ticket;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is kept of a request with an {@code Idempotency-Key}.
 *
 * @param request what was asked for, digested
 * @param ticket  the run that it came to; null where there is none, or not yet
 * @param status  of the answer; null while there is none
 * @param body    null also where the answer held a secret
 */
record Entry(long id, byte[] request, Ticket ticket, Integer status, String mediaType, Map<String, String> headers, byte[] body) {
    boolean isAnswered() {
        return status != null;
    }

    /** The answer, as it was given first. */
    Answer answer() {
        if (body == null) {
            throw new Refused(HttpStatus.CONFLICT, "answer-shown-once", "An earlier request with this " + Idempotency.HEADER
                    + " was answered " + status + ". What it answered held a secret, so it is kept nowhere;"
                    + " if it never reached you, undo that and ask with a new key.");
        }
        Map<String, String> replayed = new LinkedHashMap<>(headers);
        replayed.put("Idempotent-Replayed", "true");
        return new Answer(status, mediaType, replayed, new Answer.Bytes(body));
    }
}
