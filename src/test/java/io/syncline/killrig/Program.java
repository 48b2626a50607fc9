package io.syncline.killrig;

import io.syncline.PackagedProduct;
import io.syncline.Syncline;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The product's classes, arranged so that it starts fast: the packaged jar unpacked by its own tool, or else what was compiled, and an archive of loaded
 * classes that a process leaves behind when it is stopped and was asked to. A rig that starts it dozens of times lives by that.
 */
final class Program {
    private static Program only;

    private final List<String> what;
    private final Path archive;
    private boolean training;

    private Program(Path folder) throws IOException {
        archive = folder.resolve("classes.jsa");
        what = isPackaged() ? List.of("-jar", PackagedProduct.unpacked().toString()) : List.of("-cp", compiled(folder), Syncline.class.getName());
    }

    static synchronized Program get() {
        try {
            if (only == null) {
                Path folder = Files.createTempDirectory("syncline-program");
                only = new Program(folder);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            }
            return only;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next process leaves the archive behind when it is stopped, which takes it some seconds. */
    void train() {
        training = true;
    }

    /** What to start it with; settings follow. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(PackagedProduct.java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        } else if (training) {
            command.add("-XX:ArchiveClassesAtExit=" + archive);
        }
        command.addAll(what);
        return command;
    }

    /** The jar is what counts, unless classes were compiled after it. */
    private static boolean isPackaged() throws IOException {
        Path compiled = whereIs("io/syncline/Syncline.class").resolve("io/syncline/Syncline.class");
        return Files.exists(PackagedProduct.JAR)
                && Files.getLastModifiedTime(PackagedProduct.JAR).compareTo(Files.getLastModifiedTime(compiled)) >= 0;
    }

    private static String compiled(Path folder) throws IOException {
        Path jar = folder.resolve("syncline-classes.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            List<Path> roots = Stream.of("io/syncline/Syncline.class", "application.yaml", "schema/sync.schema.json").map(Program::whereIs).distinct().toList();
            for (Path root : roots) {
                pack(root, out);
            }
        }
        Stream<String> libraries = Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .filter(entry -> entry.endsWith(".jar"));
        return String.join(System.getProperty("path.separator"), Stream.concat(Stream.of(jar.toString()), libraries).toList());
    }

    private static void pack(Path root, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(file -> !file.equals(root) && !file.endsWith("META-INF")).toList()) {
                // Components are found only where packages have entries of their own.
                boolean isFolder = Files.isDirectory(file);
                out.putNextEntry(new ZipEntry(root.relativize(file) + (isFolder ? "/" : "")));
                if (!isFolder) {
                    Files.copy(file, out);
                }
                out.closeEntry();
            }
        }
    }

    private static Path whereIs(String resource) {
        String found = Syncline.class.getResource("/" + resource).toString();
        return Path.of(URI.create(found.substring(0, found.length() - resource.length())));
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((one, other) -> other.compareTo(one)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
