module consumer {
    requires io.asyncbatcher;
}
