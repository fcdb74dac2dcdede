import { body, deploymentId, ifMatch, json, type RouteTable } from '../http/route.ts'
import {
  deploymentInputSchema,
  deploymentListSchema,
  deploymentPatchSchema,
  deploymentSchema,
  figuresSchema,
} from './schemas.ts'

/** Deployments and their live figures. */
export const deploymentRoutes = {
  listDeployments: {
    method: 'get',
    path: '/deployments',
    requires: 'deployments.view',
    summary: 'List the deployments',
    responses: { 200: json(deploymentListSchema, 'Every deployment, by name') },
  },
  createDeployment: {
    method: 'post',
    path: '/deployments',
    requires: 'deployments.manage',
    summary: 'Add a deployment; an EMQX endpoint is tried first',
    request: { body: body(deploymentInputSchema) },
    responses: { 201: json(deploymentSchema, 'The new deployment') },
  },
  getDeployment: {
    method: 'get',
    path: '/deployments/{deploymentId}',
    requires: 'deployments.view',
    summary: 'One deployment',
    request: { params: deploymentId },
    responses: { 200: json(deploymentSchema, 'The deployment') },
  },
  updateDeployment: {
    method: 'patch',
    path: '/deployments/{deploymentId}',
    requires: 'deployments.manage',
    summary: 'Rename a deployment',
    request: { params: deploymentId, headers: ifMatch, body: body(deploymentPatchSchema) },
    responses: { 200: json(deploymentSchema, 'As it is now') },
  },
  deleteDeployment: {
    method: 'delete',
    path: '/deployments/{deploymentId}',
    requires: 'deployments.manage',
    summary: 'Remove a deployment and its keys',
    request: { params: deploymentId, headers: ifMatch },
    responses: { 204: { description: 'Removed' } },
  },
  getFigures: {
    method: 'get',
    path: '/deployments/{deploymentId}/figures',
    requires: 'deployments.view',
    summary: 'Live figures of a deployment',
    request: { params: deploymentId },
    responses: { 200: json(figuresSchema, 'The figures now') },
  },
} as const satisfies RouteTable
