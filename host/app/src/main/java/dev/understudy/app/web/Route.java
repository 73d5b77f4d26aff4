package dev.understudy.app.web;

import io.javalin.http.Handler;

/**
 * One request that is answered.
 *
 * @param method GET or POST
 * @param path with parameters in braces
 */
record Route(Method method, String path, Handler handler) {
    enum Method {
        GET,
        POST
    }

    static Route get(String path, Handler handler) {
        return new Route(Method.GET, path, handler);
    }

    static Route post(String path, Handler handler) {
        return new Route(Method.POST, path, handler);
    }
}
