package io.syncline.killrig;

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
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The product's classes, arranged so that it starts fast: the packaged jar unpacked by its own tool, or else what was compiled, and an archive of loaded
 * classes that a process leaves behind when it is stopped and was asked to. A rig that starts it dozens of times lives by that.
 */
final class Program {
    private static final Path PACKAGED = Path.of("target/syncline.jar").toAbsolutePath();
    private static Program only;

    private final List<String> what;
    private final Path archive;
    private boolean training;

    private Program(Path folder) throws IOException, InterruptedException {
        archive = folder.resolve("classes.jsa");
        what = isPackaged() ? List.of("-jar", unpacked(folder).toString()) : List.of("-cp", compiled(folder), Syncline.class.getName());
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next process leaves the archive behind when it is stopped, which takes it some seconds. */
    void train() {
        training = true;
    }

    /** What to start it with; settings follow. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        } else if (training) {
            command.add("-XX:ArchiveClassesAtExit=" + archive);
        }
        command.addAll(what);
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The jar is what counts, unless classes were compiled after it. */
    private static boolean isPackaged() throws IOException {
        return Files.exists(PACKAGED) && Files.getLastModifiedTime(PACKAGED).compareTo(Files.getLastModifiedTime(whereIs("io/syncline/Syncline.class")
                .resolve("io/syncline/Syncline.class"))) >= 0;
    }

    private static Path unpacked(Path folder) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(java(), "-Djarmode=tools", "-jar", PACKAGED.toString(), "extract", "--destination",
                folder.resolve("unpacked").toString()).redirectErrorStream(true).redirectOutput(folder.resolve("unpacked.log").toFile()).start();
        if (!tool.waitFor(60, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            throw new IOException("the packaged jar could not be unpacked: " + Files.readString(folder.resolve("unpacked.log")));
        }
        return folder.resolve("unpacked").resolve(PACKAGED.getFileName());
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
