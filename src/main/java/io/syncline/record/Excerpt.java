package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a json field takes of the source's value, so that it holds nothing that could not be written back. An excerpt of an excerpt is the same again.
 *
 * @param each of a list of objects only this member of each; items that are no objects stay as they are; null for the whole items
 * @param keep of every object only these members; lists on the way to them are gone through; empty for all
 */
public record Excerpt(Path each, List<Path> keep) {
    public static final Excerpt ALL = new Excerpt(null, List.of());

    public Excerpt {
        keep = List.copyOf(keep);
    }

    boolean isAll() {
        return each == null && keep.isEmpty();
    }

    String fingerprint() {
        return (each == null ? "" : ", of each " + each.fingerprint())
                + (keep.isEmpty() ? "" : ", only " + keep.stream().map(Path::fingerprint).sorted().collect(Collectors.joining(" | ")));
    }

    /**
     * @param canonical a value in canonical form
     * @return the excerpt in canonical form; a set still has to be put in order
     * @throws UnfitValue when an object in the list has no such member
     */
    String of(String canonical) {
        if (isAll()) {
            return canonical;
        }
        try (JsonParser parser = Canonical.JSON.createParser(canonical)) {
            parser.nextToken();
            StringBuilder to = new StringBuilder(canonical.length());
            if (each == null) {
                kept(parser, keep, to);
            } else {
                members(parser, to);
            }
            return to.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void members(JsonParser parser, StringBuilder to) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            kept(parser, List.of(), to);
            return;
        }
        to.append('[');
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            comma(to, '[');
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                kept(parser, List.of(), to);
            } else if (!member(parser, each.segments(), to)) {
                throw new UnfitValue("holds an item without " + each);
            }
        }
        to.append(']');
    }

    /** Goes to the end of the object; whether the member was there. */
    private static boolean member(JsonParser parser, List<String> way, StringBuilder to) throws IOException {
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals(way.get(0));
            parser.nextToken();
            if (here && way.size() == 1) {
                kept(parser, List.of(), to);
                found = true;
            } else if (here && parser.currentToken() == JsonToken.START_OBJECT) {
                found = member(parser, way.subList(1, way.size()), to);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    /** @param keep empty for everything */
    private static void kept(JsonParser parser, List<Path> keep, StringBuilder to) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                to.append('{');
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    List<Path> here = keep.stream().filter(path -> path.segments().get(0).equals(name)).toList();
                    if (here.isEmpty() && !keep.isEmpty()) {
                        parser.skipChildren();
                        continue;
                    }
                    comma(to, '{');
                    Canonical.text(to, name);
                    to.append(':');
                    boolean whole = here.stream().anyMatch(path -> path.segments().size() == 1);
                    kept(parser, whole ? List.of() : here.stream().map(path -> new Path(path.segments().subList(1, path.segments().size()))).toList(), to);
                }
                to.append('}');
            }
            case START_ARRAY -> {
                to.append('[');
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    comma(to, '[');
                    kept(parser, keep, to);
                }
                to.append(']');
            }
            case VALUE_STRING -> Canonical.text(to, parser.getText());
            default -> to.append(parser.getText());
        }
    }

    private static void comma(StringBuilder to, char opening) {
        if (to.charAt(to.length() - 1) != opening) {
            to.append(',');
        }
    }
}
