package dev.understudy.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has classes of plugins throw a {@link SecurityException} where they would end the JVM by {@code exit} or {@code halt} of
 * {@link System} and {@link Runtime}. This is a guard against mistakes, such as a library that was written as a program: by
 * reflection or native code a plugin, which is trusted, can still end the host.
 */
final class NoExit {
    private static final Set<String> OWNERS = Set.of("java/lang/System", "java/lang/Runtime");
    private static final Set<String> NAMES = Set.of("exit", "halt");
    private static final ClassDesc REFUSAL = ClassDesc.of("java.lang.SecurityException");
    private static final MethodTypeDesc OF_MESSAGE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

    private NoExit() {}

    /**
     * Returns the class changed so; null if it ends nothing.
     *
     * @param classes gives the bytes of other classes by resource name, null for one that is not there
     */
    static byte @Nullable [] rewritten(byte[] bytes, Function<String, @Nullable InputStream> classes) {
        if (!mayExit(bytes)) return null;
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(
                        (ClassDesc of) -> classes.apply(resource(of)))
                .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel model = files.parse(bytes);
        return files.transformClass(model, ClassTransform.transformingMethodBodies(NoExit::replace));
    }

    private static void replace(CodeBuilder code, CodeElement element) {
        if (!(element instanceof InvokeInstruction call) || !isExit(call)) {
            code.with(element);
            return;
        }
        code.pop();
        if (call.opcode() != Opcode.INVOKESTATIC) code.pop();
        code.new_(REFUSAL)
                .dup()
                .loadConstant(
                        "a plugin must not end the host, as " + call.name().stringValue() + " would")
                .invokespecial(REFUSAL, ConstantDescs.INIT_NAME, OF_MESSAGE)
                .athrow();
    }

    private static boolean isExit(InvokeInstruction call) {
        return OWNERS.contains(call.owner().asInternalName())
                && NAMES.contains(call.name().stringValue())
                && call.type().stringValue().equals("(I)V");
    }

    /** Few classes even hold the words, and only those are taken apart. */
    private static boolean mayExit(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return OWNERS.stream().anyMatch(text::contains) && NAMES.stream().anyMatch(text::contains);
    }

    private static String resource(ClassDesc of) {
        String descriptor = of.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1) + ".class";
    }

    /** Reads a class that is there. */
    static byte[] read(InputStream stream) throws IOException {
        try (stream) {
            return stream.readAllBytes();
        }
    }
}
