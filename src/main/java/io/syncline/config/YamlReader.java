package io.syncline.config;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a YAML file into places that know their lines. Plain words mean what they mean in JSON: {@code true}, {@code false}, {@code null} and JSON's
 * numbers; everything else, also {@code no} and {@code 012}, is text. Only data is read: anchors, aliases and tags are mistakes, so nothing
 * can grow while it is read and nothing in a file can name a class.
 */
final class YamlReader {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_LEVELS = 40;
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private final Mistakes mistakes;
    private final Set<String> aliases = new HashSet<>();
    private ParserImpl events;

    private YamlReader(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** The file's content, or null when it cannot be read as YAML; mistakes then say why. */
    static Yaml read(String content, Mistakes mistakes) {
        return new YamlReader(mistakes).document(content);
    }

    private Yaml document(String content) {
        if (content.length() > MOST_CHARACTERS) {
            mistakes.add(1, "", "is larger than 1 MB.", "Configuration is written by people: split it into several files.");
            return null;
        }
        try {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MOST_CHARACTERS);
            events = new ParserImpl(new StreamReader(content), options);
            events.getEvent();
            if (events.checkEvent(Event.ID.StreamEnd)) {
                mistakes.add(1, "", "is empty.", "Write its declaration, or remove the file.");
                return null;
            }
            events.getEvent();
            Yaml root = value("", lineOf(events.peekEvent()), 0);
            events.getEvent();
            if (!events.checkEvent(Event.ID.StreamEnd)) {
                mistakes.add(lineOf(events.peekEvent()), "", "a second document begins here.", "Write one declaration a file, without ---.");
            }
            return root;
        } catch (TooDeep deep) {
            mistakes.add(deep.line, "", "is nested deeper than " + MOST_LEVELS + " levels.", "Write it flatter.");
            return null;
        } catch (MarkedYAMLException broken) {
            Mark mark = broken.getProblemMark() != null ? broken.getProblemMark() : broken.getContextMark();
            mistakes.add(mark.getLine() + 1, "", "is not YAML: " + broken.getProblem() + ".",
                    "Check the indentation, colons and quotes of this line and the one above.");
            return null;
        } catch (YAMLException broken) {
            mistakes.add(1, "", "is not YAML: " + broken.getMessage().lines().findFirst().orElse("") + ".", "Save it as plain UTF-8 text.");
            return null;
        }
    }

    private Yaml value(String where, int line, int level) {
        Event event = events.getEvent();
        if (level > MOST_LEVELS) {
            throw new TooDeep(lineOf(event));
        }
        if (event instanceof AliasEvent alias) {
            if (aliases.add(alias.getAnchor())) {
                mistakes.add(lineOf(event), where, "*" + alias.getAnchor() + " is an alias, which configuration files do not have.", "Write the value out.");
            }
            return Yaml.scalar(Yaml.Kind.ABSENT, where, line, "");
        }
        refuseAnchorAndTag(event, where);
        if (event instanceof MappingStartEvent) {
            return map(where, line, level);
        }
        if (event instanceof SequenceStartEvent) {
            return list(where, line, level);
        }
        ScalarEvent scalar = (ScalarEvent) event;
        return Yaml.scalar(kindOf(scalar), where, line, scalar.getValue());
    }

    private Yaml map(String where, int line, int level) {
        Map<String, Yaml> members = new LinkedHashMap<>();
        while (!events.checkEvent(Event.ID.MappingEnd)) {
            int keyLine = lineOf(events.peekEvent());
            Yaml key = value(where, keyLine, level + 1);
            if (!key.isScalar()) {
                mistakes.add(keyLine, where, "a key is not a word.", "Write keys as plain words; put texts that begin with { or [ into quotes.");
            }
            Yaml value = value(where.isEmpty() ? key.text() : where + "." + key.text(), keyLine, level + 1);
            Yaml earlier = members.putIfAbsent(key.text(), value);
            if (earlier != null) {
                mistakes.add(value, "stands here a second time.", "Keep this one or the one in line " + earlier.line() + ".");
            }
        }
        events.getEvent();
        return Yaml.map(where, line, members);
    }

    private Yaml list(String where, int line, int level) {
        List<Yaml> items = new ArrayList<>();
        while (!events.checkEvent(Event.ID.SequenceEnd)) {
            items.add(value(where + "[" + items.size() + "]", lineOf(events.peekEvent()), level + 1));
        }
        events.getEvent();
        return Yaml.list(where, line, items);
    }

    private void refuseAnchorAndTag(Event event, String where) {
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            mistakes.add(lineOf(event), where, "&" + anchor + " is an anchor, which configuration files do not have.",
                    "Leave it out and write values out where they are needed.");
        }
        String tag = event instanceof ScalarEvent scalar ? scalar.getTag() : ((CollectionStartEvent) event).getTag();
        if (tag != null) {
            mistakes.add(lineOf(event), where, Mistakes.quoted(tag.replace("tag:yaml.org,2002:", "!!")) + " is a tag, which configuration files do not have.",
                    "Leave it out; quotes make a text of anything.");
        }
    }

    private static Yaml.Kind kindOf(ScalarEvent scalar) {
        String text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return Yaml.Kind.TEXT;
        }
        return switch (text) {
            case "", "~", "null" -> Yaml.Kind.NULL;
            case "true", "false" -> Yaml.Kind.BOOLEAN;
            default -> INTEGER.matcher(text).matches() ? Yaml.Kind.INTEGER : NUMBER.matcher(text).matches() ? Yaml.Kind.NUMBER : Yaml.Kind.TEXT;
        };
    }

    private static int lineOf(Event event) {
        return event.getStartMark().getLine() + 1;
    }

    private static final class TooDeep extends RuntimeException {
        private final int line;

        TooDeep(int line) {
            super(null, null, false, false);
            this.line = line;
        }
    }
}
