/** Path that the site lies below, like `/piano`, without a slash at its end. The bundler puts it in; where nobody did, it is ''. */
declare var SITE_ROOT: string | undefined;
