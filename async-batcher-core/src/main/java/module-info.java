/** The batcher. Only what users need is exported; everything below {@code io.asyncbatcher.internal} may change at any time. */
module io.asyncbatcher {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;

    exports io.asyncbatcher;
    exports io.asyncbatcher.testing;
}
