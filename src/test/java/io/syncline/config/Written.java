package io.syncline.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A configuration directory that a test writes. */
public final class Written {
    private final Path directory;

    public Written(Path parent) {
        this.directory = parent.resolve("config");
    }

    public Written file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public Written file(String name, byte[] content) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory() {
        return directory;
    }

    public Configuration read() {
        return ConfigurationReader.withoutSettings().read(directory);
    }

    public List<String> mistakes() {
        return ConfigurationReader.withoutSettings().mistakes(directory).stream().map(Mistake::toString).toList();
    }
}
