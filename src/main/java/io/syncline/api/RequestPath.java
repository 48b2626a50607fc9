package io.syncline.api;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The path of a request in decoded segments. */
final class RequestPath {
    private RequestPath() {
    }

    /** @throws Refused when it is no text that was percent-encoded */
    static List<String> segments(String uri) {
        if (uri.chars().anyMatch(Character::isISOControl)) {
            throw bad();
        }
        try {
            List<String> segments = Arrays.stream(uri.substring(1).split("/", -1))
                    .map(segment -> StringUtils.uriDecode(segment, StandardCharsets.UTF_8)).toList();
            if (segments.stream().anyMatch(segment -> segment.chars().anyMatch(Character::isISOControl) || segment.indexOf('\uFFFD') >= 0)) {
                throw bad();
            }
            return segments;
        } catch (IllegalArgumentException e) {
            throw bad();
        }
    }

    private static Refused bad() {
        return new Refused(HttpStatus.BAD_REQUEST, "bad-path",
                "The path is not percent-encoded UTF-8 text. Write a blank as %20 and a slash inside a name as %2F.");
    }
}
