package io.syncline.api;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a request carries: JSON in UTF-8 and nothing else, so that no form of another site's page is ever taken, and never more than the limit. */
final class Bodies {
    private static final String UNSUPPORTED = "unsupported-media-type";

    private final int limit;

    Bodies(long limit) {
        this.limit = Math.toIntExact(limit);
    }

    /** Empty when there is none. */
    byte[] read(HttpServletRequest request) {
        if (!isJson(request.getContentType())) {
            throw new Refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED, "Bodies are JSON in UTF-8. Send Content-Type: application/json.");
        }
        if (request.getHeader("Content-Encoding") != null) {
            throw new Refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED, "Bodies are not unpacked here. Send the JSON without Content-Encoding.");
        }
        if (request.getContentLengthLong() > limit) {
            throw tooLarge();
        }
        try {
            byte[] body = request.getInputStream().readNBytes(limit + 1);
            if (body.length > limit) {
                throw tooLarge();
            }
            return body;
        } catch (IOException e) {
            throw new Refused(HttpStatus.BAD_REQUEST, "broken-body", "The body ended before it was complete. Send it again.");
        }
    }

    private Refused tooLarge() {
        return new Refused(HttpStatus.PAYLOAD_TOO_LARGE, "body-too-large",
                "The body is larger than " + limit + " bytes, the most that is taken. Send less at a time.");
    }

    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON) && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
