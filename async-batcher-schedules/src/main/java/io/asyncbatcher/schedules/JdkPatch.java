package io.asyncbatcher.schedules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Adds to the image what Fray's own instrumentation leaves out.
 *
 * <p><b>Time.</b> Fray replaces {@code System.nanoTime} in the code under test only. A thread pool would wait for its
 * keep-alive in real time, and a schedule could not be repeated. Here the pools get the clock that Fray moves. Fray counts
 * timed waits in whole milliseconds; they are rounded up, so that a thread doesn't spin through the last one.
 *
 * <p><b>Memory.</b> Of the accesses by a {@code VarHandle}, Fray interleaves volatile ones and {@code compareAndSet}. The
 * queue also writes by {@code getAndAdd}, {@code compareAndExchange} and {@code setRelease}: these become scheduling
 * points, too. Reads by {@code getAcquire} do not: a thread that spins for an item would always be overtaken by the thread
 * that stores it, and the item would never be late.
 */
final class JdkPatch {

    private static final String RUNTIME = "org/pastalab/fray/runtime/Runtime";
    private static final long ALMOST_A_MILLI = 999_999;
    private static final Set<String> TIMED_WAITS =
            Set.of("onConditionAwaitNanos", "onThreadParkNanos", "onThreadParkNanosWithBlocker");
    private static final Pattern HANDLE =
            Pattern.compile("java/lang/invoke/VarHandle(Booleans|Ints|Longs|References)\\$(FieldInstanceRead.*|Array)");
    private static final Pattern ACCESS = Pattern.compile("compareAndExchange.*|getAndAdd.*|getAndSet.*|setRelease");

    private JdkPatch() {}

    /** Writes patched copies of those classes of a module's directory that need it. */
    static void write(Path module, Path target) throws IOException {
        for (String directory : List.of("java/util/concurrent", "java/lang/invoke")) {
            try (Stream<Path> files = Files.walk(module.resolve(directory))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Patching patching = new Patching(new ClassReader(Files.readAllBytes(file)));
                    byte[] patched = patching.run();
                    if (patching.changes > 0) {
                        Path copy = target.resolve(module.relativize(file).toString());
                        Files.createDirectories(copy.getParent());
                        Files.write(copy, patched);
                    }
                }
            }
        }
    }

    private static final class Patching extends ClassVisitor {

        private final ClassReader reader;
        private final ClassWriter writer;
        private int changes;

        private Patching(ClassReader reader) {
            this(reader, new ClassWriter(reader, ClassWriter.COMPUTE_MAXS));
        }

        private Patching(ClassReader reader, ClassWriter writer) {
            super(Opcodes.ASM9, writer);
            this.reader = reader;
            this.writer = writer;
        }

        private byte[] run() {
            reader.accept(this, 0);
            return writer.toByteArray();
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            boolean handle = (access & Opcodes.ACC_STATIC) != 0
                    && HANDLE.matcher(reader.getClassName()).matches()
                    && ACCESS.matcher(name).matches();
            if (handle) {
                boolean array = reader.getClassName().endsWith("$Array");
                return new AccessPatch(method, array);
            }
            return new TimePatch(method);
        }

        /** Makes the call of an access method a scheduling point. */
        private final class AccessPatch extends MethodVisitor {

            private final boolean array;

            AccessPatch(MethodVisitor method, boolean array) {
                super(Opcodes.ASM9, method);
                this.array = array;
            }

            @Override
            public void visitCode() {
                super.visitCode();
                changes++;
                super.visitVarInsn(Opcodes.ALOAD, 1); // what holds the variable
                if (array) {
                    super.visitVarInsn(Opcodes.ILOAD, 2);
                    super.visitInsn(Opcodes.I2L);
                } else {
                    super.visitInsn(Opcodes.LCONST_0);
                }
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, RUNTIME, "onUnsafeWriteVolatile", "(Ljava/lang/Object;J)V", false);
            }
        }

        /** Replaces the clock and rounds timed waits up. */
        private final class TimePatch extends MethodVisitor {

            TimePatch(MethodVisitor method) {
                super(Opcodes.ASM9, method);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (owner.equals("java/lang/System") && name.equals("nanoTime")) {
                    changes++;
                    super.visitMethodInsn(opcode, RUNTIME, "onNanoTime", descriptor, false);
                    return;
                }
                if (owner.equals(RUNTIME) && TIMED_WAITS.contains(name)) {
                    changes++;
                    super.visitLdcInsn(ALMOST_A_MILLI);
                    super.visitInsn(Opcodes.LADD);
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }
    }
}
