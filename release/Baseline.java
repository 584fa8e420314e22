import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes the baseline of a module's API from its jar: a jar of the public classes, with public and protected members and
 * without code, for japicmp; and the same signatures as text, for people.
 *
 * <p>Arguments: the module's jar, the baseline's jar, the text. {@code release/baseline} runs it, with ASM on the class path.
 */
final class Baseline {

    /** Not API, though some of their classes are public. As in the root's pom.xml. */
    private static final List<String> INTERNAL =
            List.of("io/asyncbatcher/internal/", "io/asyncbatcher/grpc/wire/", "io/asyncbatcher/spring/boot/");

    /** Only the batcher makes these records: a new component takes nothing from users, so their constructors are not API. */
    private static final Set<String> READ_ONLY = Set.of(
            "io/asyncbatcher/BatcherOptions",
            "io/asyncbatcher/BatcherSnapshot",
            "io/asyncbatcher/testing/BatchLog$Dispatched",
            "io/asyncbatcher/testing/BatchLog$Finished");

    /** The time of every entry, so that the same API makes the same bytes. */
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private Baseline() {}

    public static void main(String[] args) throws IOException {
        Map<String, byte[]> classes = classes(Path.of(args[0]));
        Map<String, byte[]> api = new TreeMap<>();
        classes.forEach((name, bytes) -> {
            if (isApi(name, classes)) {
                api.put(name, signatures(name, bytes));
            }
        });
        Path jar = Path.of(args[1]);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.setLevel(9);
            for (Map.Entry<String, byte[]> each : api.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey() + ".class");
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                zip.write(each.getValue());
            }
        }
        Files.writeString(Path.of(args[2]), text(jar, api));
    }

    private static Map<String, byte[]> classes(Path jar) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.contains("-info") && INTERNAL.stream().noneMatch(name::startsWith)) {
                    try (InputStream in = file.getInputStream(entry)) {
                        classes.put(name.substring(0, name.length() - ".class".length()), in.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }

    /** Whether a class and those around it are public or protected. */
    private static boolean isApi(String name, Map<String, byte[]> classes) {
        int[] access = new int[1];
        String[] outer = new String[1];
        new ClassReader(classes.get(name)).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public void visit(
                            int version, int flags, String self, String signature, String superName, String[] interfaces) {
                        access[0] = flags;
                    }

                    @Override
                    public void visitOuterClass(String owner, String method, String descriptor) {
                        access[0] = 0;
                    }

                    @Override
                    public void visitInnerClass(String inner, String owner, String simpleName, int flags) {
                        if (inner.equals(name)) {
                            access[0] = simpleName == null ? 0 : flags;
                            outer[0] = owner;
                        }
                    }
                },
                ClassReader.SKIP_CODE);
        return (access[0] & VISIBLE) != 0 && (outer[0] == null || isApi(outer[0], classes));
    }

    private static byte[] signatures(String type, byte[] bytes) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(bytes).accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String signature, Object value) {
                        return (access & VISIBLE) == 0 && !name.equals("serialVersionUID")
                                ? null
                                : super.visitField(access, name, descriptor, signature, value);
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return (access & VISIBLE) == 0 || name.equals("<init>") && READ_ONLY.contains(type)
                                ? null
                                : super.visitMethod(access, name, descriptor, signature, exceptions);
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return writer.toByteArray();
    }

    private static String text(Path jar, Map<String, byte[]> api) throws IOException {
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        List<String> arguments = new ArrayList<>(List.of("-protected", "-cp", jar.toString()));
        api.keySet().forEach(name -> arguments.add(name.replace('/', '.')));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true);
                PrintStream errors = new PrintStream(OutputStream.nullOutputStream())) {
            javap.run(print, errors, arguments.toArray(String[]::new));
        }
        return out.toString().lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }
}
