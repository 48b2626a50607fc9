package io.syncline.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file under {@code config/}, read and checked against its schema.
 *
 * @param name     what the file is called, without its ending
 * @param yaml     its content; an empty map where it could not be read
 * @param mistakes what was found wrong in it so far
 */
record Declared(String name, Yaml yaml, Mistakes mistakes) {
    private static final String ENDING = ".yaml";
    private static final String CASES = ".cases.yaml";
    private static final long MOST_BYTES = 4 << 20;

    /** The declarations of a folder, in the order of their names. */
    static List<Declared> in(Path configDirectory, String folder, Schema schema) {
        return read(configDirectory, folder, schema, false);
    }

    /** The cases of a folder, named like the declarations that they belong to. */
    static List<Declared> casesIn(Path configDirectory, String folder, Schema schema) {
        return read(configDirectory, folder, schema, true);
    }

    private static List<Declared> read(Path configDirectory, String folder, Schema schema, boolean cases) {
        List<Declared> declared = new ArrayList<>();
        for (Path path : filesIn(configDirectory.resolve(folder))) {
            String file = path.getFileName().toString();
            if (file.endsWith(CASES) == cases && file.endsWith(ENDING)) {
                String name = file.substring(0, file.length() - (cases ? CASES : ENDING).length());
                declared.add(read(path, shown(configDirectory, folder + "/" + file), name, schema));
            } else if (!cases && !file.endsWith(ENDING)) {
                Mistakes stray = new Mistakes(shown(configDirectory, folder + "/" + file));
                stray.add(1, "", "is not read, because its name does not end in .yaml.", "Rename it, or move it out of " + folder + ".");
                declared.add(new Declared(file, nothing(), stray));
            }
        }
        return declared;
    }

    private static List<Path> filesIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Declared read(Path path, String file, String name, Schema schema) {
        Mistakes mistakes = new Mistakes(file);
        String content = content(path, mistakes);
        Yaml yaml = content == null ? null : YamlReader.read(content, mistakes);
        if (yaml == null) {
            return new Declared(name, nothing(), mistakes);
        }
        schema.check(yaml, mistakes);
        return new Declared(name, yaml, mistakes);
    }

    private static String content(Path path, Mistakes mistakes) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                mistakes.add(1, "", "is larger than 1 MB.", "Configuration is written by people: split it into several files.");
                return null;
            }
            byte[] content = Files.readAllBytes(path);
            CharBuffer text = CharBuffer.allocate(content.length);
            if (StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content), text, true).isError()) {
                mistakes.add(1 + (int) text.flip().chars().filter(c -> c == '\n').count(), "", "is not UTF-8.", "Save it as plain UTF-8 text.");
                return null;
            }
            return text.flip().toString();
        } catch (IOException e) {
            mistakes.add(1, "", "cannot be read.", "Make it a file that Syncline may read.");
        }
        return null;
    }

    /** Files are named from the configuration directory on, wherever that is. */
    static String shown(Path configDirectory, String below) {
        return configDirectory.toAbsolutePath().normalize().getFileName() + "/" + below;
    }

    private static Yaml nothing() {
        return Yaml.map("", 1, Map.of());
    }
}
