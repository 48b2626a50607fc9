package io.syncline.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A path of the contract, such as {@code /api/v1/runs/{id}}. */
record PathTemplate(String text) {

    /** @param segments of a request's path, decoded */
    boolean matches(List<String> segments) {
        List<String> own = segments();
        if (own.size() != segments.size()) {
            return false;
        }
        for (int at = 0; at < own.size(); at++) {
            boolean fits = isParameter(own.get(at)) ? !segments.get(at).isEmpty() : own.get(at).equals(segments.get(at));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** What a matching path holds in the places of the parameters. */
    Map<String, String> parameters(List<String> segments) {
        List<String> own = segments();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int at = 0; at < own.size(); at++) {
            if (isParameter(own.get(at))) {
                parameters.put(own.get(at).substring(1, own.get(at).length() - 1), segments.get(at));
            }
        }
        return parameters;
    }

    /** The path with a dash for every parameter: it leads Camel to the operation and carries nothing a client wrote. */
    String plain() {
        return text.replaceAll("\\{[^}]*}", "-");
    }

    private List<String> segments() {
        return List.of(text.substring(1).split("/", -1));
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}
