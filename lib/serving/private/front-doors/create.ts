import type { Construct } from 'constructs';
import type { FrontDoor, FrontDoorSettings } from './front-door.ts';
import { createHttpFrontDoor } from './http-front-door.ts';
import { createRestFrontDoor } from './rest-front-door.ts';
import { createUrlFrontDoor } from './url-front-door.ts';

/** The front door that the props ask for. */
export function createFrontDoor(scope: Construct, settings: FrontDoorSettings): FrontDoor {
  switch (settings.props.frontDoor?._kind) {
    case 'restApi':
      return createRestFrontDoor(scope, settings);
    case 'functionUrl':
      return createUrlFrontDoor(scope, settings);
    default:
      return createHttpFrontDoor(scope, settings);
  }
}
